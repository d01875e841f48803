import { Problem } from '../../../ml/check/problem.ts';
import type { Worker } from '../workContext.ts';
import { dataTypeOf } from './volumeFacts.ts';
import { VolumeReading } from './volumeReading.ts';

/** Volumes that are in memory or on their way there, by their ids, until they are closed. */
const open = new Map<string, VolumeReading>();

/** Uneven slices are brought to a regular grid, and said so: a person who looks is better served than by a refusal. */
const openVolume: Worker<'volume:open'> = async ({ volume, path }, { report }) => {
  const reading = open.get(volume) ?? new VolumeReading(path);
  open.set(volume, reading);
  reading.watch(report);
  try {
    return await reading.facts(volume);
  } catch (error) {
    open.delete(volume);
    throw error;
  }
};

const whole: Worker<'volume:whole'> = async ({ volume }, { report }) => {
  const reading = readingOf(volume);
  reading.watch(report);
  await reading.untilWhole();
  return null;
};

const slices: Worker<'volume:slices'> = async ({ volume, channel, from, to }) => {
  const planes = await readingOf(volume).slices(channel, from, to);
  return {
    dataType: dataTypeOf(planes),
    bytes: new Uint8Array(planes.buffer, planes.byteOffset, planes.byteLength).slice().buffer,
  };
};

const close: Worker<'volume:close'> = ({ volume }) => {
  open.get(volume)?.stop();
  open.delete(volume);
  return Promise.resolve(null);
};

function readingOf(volume: string): VolumeReading {
  const reading = open.get(volume);
  if (reading !== undefined) return reading;
  throw new Problem('data', 'the volume is not open', volume, 'Open it again.');
}

export const volumeWorkers = {
  'volume:open': openVolume,
  'volume:whole': whole,
  'volume:slices': slices,
  'volume:close': close,
};
