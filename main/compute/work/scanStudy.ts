import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, extname } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import { isFolder } from '../../files/folder.ts';
import { dicomReader } from '../../imaging/dicom/reader.ts';
import { filesWithin } from '../../imaging/dicom/scan/folder.ts';
import { describeImages } from '../../imaging/image.ts';
import type { ImageDescription } from '../../imaging/reader.ts';
import type { PieceAnswer } from '../pieces.ts';
import type { Worker, WorkContext } from '../workContext.ts';

type Scanned = PieceAnswer<'study:scan'>;

/** Headers whose voxels lie in files that they name. */
const detachedHeaders: ReadonlySet<string> = new Set(['.mhd', '.nhdr', '.hdr']);

export const scanStudy: Worker<'study:scan'> = async ({ path }, context) => {
  if (!(await isFolder(path)) || (await dicomReader.handles(path)))
    return { studies: [await scanOne(path, context)], refused: [] };
  return scanFolder(path, context);
};

/** Every file of the folder that is an image; those that are none are passed over, those that are broken are named. */
async function scanFolder(folder: string, context: WorkContext): Promise<Scanned> {
  const studies: Scanned['studies'] = [];
  const refused: Scanned['refused'] = [];
  for await (const file of filesWithin(folder)) {
    context.signal.throwIfAborted();
    if (!looksLikeImage.test(file)) continue;
    try {
      studies.push(await scanOne(file, context));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      refused.push({ path: file, what: error.what, remedy: error.remedy });
    }
  }
  if (studies.length > 0 || refused.length > 0) return { studies, refused };
  throw new Problem(
    'data',
    'there is no image in this folder',
    folder,
    'Choose a folder of DICOM or other image files.',
  );
}

const looksLikeImage = /\.(nii|nii\.gz|nrrd|nhdr|mha|mhd|png|jpe?g|tiff?|dcm)$/i;

async function scanOne(path: string, { signal, report }: WorkContext): Promise<Scanned['studies'][number]> {
  const described = await describeImages(path, { signal, report });
  const [first] = described;
  if (first === undefined) throw new Problem('data', 'there is no image here', path, 'Choose another file or folder.');
  return {
    path,
    content: await contentOf(path, signal),
    name: first.format === 'dicom' && first.description !== '' ? first.description : basename(path),
    volumes: described.map(summaryOf),
  };
}

const summaryOf = (image: ImageDescription) => ({
  format: image.format,
  modality: image.modality,
  description: image.description,
  shape: [...image.shape],
  components: image.components,
  frames: image.frames,
  dataType: image.dataType,
  spacing: image.spacing === null ? null : [...image.spacing],
  orientation: image.orientation,
  transferSyntax: image.transferSyntax,
  unit: image.unit,
  files: image.files,
  warnings: [...image.warnings],
});

/** SHA-256 of the files' own SHA-256 in rising order, so that neither names nor places matter. */
async function contentOf(path: string, signal: AbortSignal): Promise<string> {
  const hashes: string[] = [];
  const files = (await isFolder(path)) ? filesWithin(path) : [path];
  for await (const file of files) {
    signal.throwIfAborted();
    hashes.push(await hashOf(file));
  }
  // The voxels of a detached header are elsewhere: only its place tells two of them apart.
  if (detachedHeaders.has(extname(path).toLowerCase())) hashes.push(path);
  return createHash('sha256').update(hashes.toSorted().join()).digest('hex');
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>)
    hash.update(chunk);
  return hash.digest('hex');
}
