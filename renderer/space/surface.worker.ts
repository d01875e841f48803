import { labelSurfaces, type SurfaceRequest } from './surface.ts';

/** Makes surfaces beside the window's thread, which goes on scrolling. */
self.onmessage = ({ data }: MessageEvent<SurfaceRequest>) => {
  const surfaces = labelSurfaces(data);
  const transfer = surfaces.flatMap(({ positions, normals, triangles }) => [
    positions.buffer,
    normals.buffer,
    triangles.buffer,
  ]);
  self.postMessage(surfaces, { transfer });
};
