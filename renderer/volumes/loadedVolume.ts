import { shallowRef, type ShallowRef } from 'vue';
import type { VolumeFacts } from '../../main/contract/volumes.ts';
import { invariant } from '../../ml/check/invariant.ts';
import type { Volume } from '../../ml/volume/volume.ts';
import type { Host } from '../host/host.ts';
import { readOrder } from './readOrder.ts';
import { makeArray, viewArray } from './typedArray.ts';

/** A volume in this window. Its voxels arrive in pieces: whoever paints reads `revision`, which changes with each. */
export interface LoadedVolume {
  /** Reactive: some become known only when the host has read all of the volume. Grid and type stay. */
  readonly facts: VolumeFacts;
  readonly learn: (facts: VolumeFacts) => void;
  /** `data` is [channels, k, j, i]; zero where nothing has come yet. */
  readonly volume: Volume;
  readonly revision: Readonly<ShallowRef<number>>;
  /** Says that voxels were changed here: a stroke, another preview. */
  readonly touch: () => void;
  /** From 0 to 1. */
  readonly loaded: Readonly<ShallowRef<number>>;
  /** Settles when all voxels are here; true unless one could not be read or the volume was closed. */
  readonly whole: Promise<boolean>;
}

/** Large enough that the way costs little, small enough that the first slice is soon there. */
const pieceBytes = 4 * 2 ** 20;

/** What `fetchVoxels` fills. */
type Target = Pick<LoadedVolume, 'facts' | 'volume' | 'touch'> & { readonly loaded: ShallowRef<number> };

function makeVolume(first: VolumeFacts, fill: (target: Target) => Promise<boolean>): LoadedVolume {
  const [i, j, k] = first.grid.shape;
  const data = makeArray(first.dataType, first.channels * i * j * k);
  const facts = shallowRef(first);
  const revision = shallowRef(0);
  const loaded = shallowRef(0);
  const touch = (): void => {
    revision.value += 1;
  };
  const volume = { grid: first.grid, channels: first.channels, data };
  return {
    get facts() {
      return facts.value;
    },
    learn: (next) => {
      facts.value = next;
    },
    volume,
    revision,
    touch,
    loaded,
    whole: fill({ facts: first, volume, touch, loaded }),
  };
}

/** Opens a volume and begins to fetch its voxels, the middle of the first channel first. */
export async function loadVolume(host: Host, id: string, signal: AbortSignal): Promise<LoadedVolume | undefined> {
  const facts = await host.ask('volumes:open', { volume: id });
  if (!facts || signal.aborted) return undefined;
  return makeVolume(facts, (target) => fetchVoxels(host, target, signal));
}

/** A volume made here, whole from the start: a preview of a running job, a difference. */
export function localVolume(facts: VolumeFacts): LoadedVolume {
  return makeVolume(facts, ({ loaded }) => {
    loaded.value = 1;
    return Promise.resolve(true);
  });
}

async function fetchVoxels(host: Host, target: Target, signal: AbortSignal): Promise<boolean> {
  const { facts, volume, loaded, touch } = target;
  const [i, j, k] = facts.grid.shape;
  const most = Math.max(1, Math.floor(pieceBytes / (i * j * volume.data.BYTES_PER_ELEMENT)));
  const spans = readOrder(k, most, (k - 1) / 2);
  for (let channel = 0; channel < facts.channels; channel += 1) {
    for (const { from, to } of spans) {
      const reply = await host.ask('volumes:slices', { volume: facts.volume, channel, from, to });
      if (signal.aborted || !reply) return false;
      const slices = viewArray(facts.dataType, reply.bytes);
      invariant(slices.length === (to - from) * i * j, 'as many voxels come as were asked for');
      volume.data.set(slices, (channel * k + from) * i * j);
      loaded.value += (to - from) / (k * facts.channels);
      touch();
    }
  }
  return true;
}
