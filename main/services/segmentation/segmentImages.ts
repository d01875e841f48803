import { join } from 'node:path';
import { Problem } from '../../../ml/check/problem.ts';
import { createProgress } from '../../jobs/progress.ts';
import { refuseExisting } from '../../files/folder.ts';
import { readCase, type CaseChannel } from '../../imaging/case.ts';
import { inColour } from '../../imaging/colours.ts';
import { checkImage } from './checkImage.ts';
import { openPrior, type Prior, type PriorSource } from './prior.ts';
import { Segmenter, type OnSample, type SegmentOptions } from './segmenter.ts';
import { writeSegmentation, type Savable, type Written } from './write.ts';
import type { Engine } from '../../../ml/engines/engine.ts';
import type { ReportProgress } from '../../jobs/progress.ts';
import type { Members } from './members.ts';

/** One case and where its results go. */
export interface CaseJob {
  readonly name: string;
  readonly channels: readonly CaseChannel[];
}

export interface SegmentJob {
  readonly cases: readonly CaseJob[];
  readonly out: string;
  readonly members: Members;
  readonly engine: Engine;
  readonly save: readonly Savable[];
  readonly existing: 'refuse' | 'replace';
  /** What becomes of slices that are tilted, missing or unevenly spaced; refused unless said otherwise. */
  readonly irregular?: 'refuse' | 'resample';
  /** What may be used; undefined: what is free. */
  readonly memoryMiB: number | undefined;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
  readonly onSample?: OnSample | undefined;
  /** What `pd-ddpm` starts from; the model's own segmentor where left out. */
  readonly prior?: PriorSource | undefined;
}

/**
 * Segments cases one after another, each into a folder of its own. What was finished before a failure or a cancellation stays.
 *
 * @throws Problem for the first case that fails, before anything is written for it.
 */
export async function* segmentImages(job: SegmentJob): AsyncGenerator<Written, void> {
  const { cases, out, existing, members, save } = job;
  const [{ model, settings }] = members;
  if (save.includes('trajectory') && settings.method === 'direct')
    throw new Problem('usage', 'the direct method has no chain', '--save trajectory', 'Choose another --method.');
  refuseTwins(cases);
  for (const { name } of cases) await refuseExisting(join(out, name), existing);
  const prior = job.prior && openPrior(job.prior, model, job.engine);
  const segmenter = new Segmenter(members, job.engine);
  try {
    for (const [index, one] of cases.entries()) yield await segmentCase(one, index, segmenter, prior, job);
  } finally {
    await segmenter.dispose();
    await prior?.dispose();
  }
}

/** Results are told apart by the images' names alone. */
function refuseTwins(cases: readonly CaseJob[]): void {
  const twin = cases.find(({ name }, at) => cases.findIndex((other) => other.name === name) < at);
  if (twin)
    throw new Problem(
      'usage',
      `two images would both be called ${twin.name}`,
      '[image...]',
      'Segment them one by one.',
    );
}

async function segmentCase(
  { name, channels }: CaseJob,
  index: number,
  segmenter: Segmenter,
  prior: Prior | undefined,
  job: SegmentJob,
): Promise<Written> {
  const { members, engine, save, existing, out, cases, memoryMiB, signal, report, irregular } = job;
  const [{ model }] = members;
  signal.throwIfAborted();
  const started = performance.now();
  const image = await readCase(channels, { signal, report, irregular: irregular ?? 'refuse' });
  const readSeconds = (performance.now() - started) / 1000;
  const expected = model.description.channels.map((channel) => channel.name);
  const volume = inColour(image.volume, expected);
  const warnings = checkImage({ ...image, volume }, model.description);
  const label = cases.length === 1 ? 'Segmenting' : `Segmenting image ${index + 1} of ${cases.length}`;
  const allowedMiB = memoryMiB ?? process.availableMemory() / 2 ** 20;
  const progress = (what: string): SegmentOptions['onPass'] => {
    let tell: ReturnType<typeof createProgress> | undefined;
    return (done, total) => {
      signal.throwIfAborted();
      tell ??= createProgress(what, total, report);
      tell(done);
    };
  };
  const segmentation = await segmenter.segment(volume, {
    allowedMiB,
    keepSamples: save.includes('samples'),
    keepTrajectory: save.includes('trajectory'),
    onSample: job.onSample,
    onPass: progress(label),
    prior: await prior?.of(volume, { allowedMiB, onPass: progress('Pre-segmenting') }),
  });
  signal.throwIfAborted();
  const shared = { case: name, image, members, engine, segmentation, readSeconds, warnings };
  const segmented = { ...shared, prior: prior?.name };
  return writeSegmentation(join(out, name), segmented, save, existing);
}
