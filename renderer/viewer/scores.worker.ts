import { sliceScoresOf, type ScoresRequest } from './scores.ts';

/** Distances from every boundary take seconds in a large scan: not on the window's thread. */
self.onmessage = ({ data }: MessageEvent<ScoresRequest>) => {
  self.postMessage(sliceScoresOf(data));
};
