import { inject, shallowReactive, type InjectionKey } from 'vue';
import { invariant } from '../../ml/check/invariant.ts';
import type { Host } from '../host/host.ts';
import { loadVolume, type LoadedVolume } from './loadedVolume.ts';

interface Entry {
  readonly abort: AbortController;
  readonly volume: Promise<LoadedVolume | undefined>;
}

/** The volumes of this window by id. Voxels are here and never in a store. */
export interface VolumeCache {
  /** What is open and described; a painter reads this. */
  readonly ready: ReadonlyMap<string, LoadedVolume>;
  readonly open: (id: string) => Promise<LoadedVolume | undefined>;
  /** Forgets all but these. */
  readonly keepOnly: (ids: ReadonlySet<string>) => void;
}

export function createVolumeCache(host: Host): VolumeCache {
  const entries = new Map<string, Entry>();
  const ready = shallowReactive(new Map<string, LoadedVolume>());

  function open(id: string): Promise<LoadedVolume | undefined> {
    const known = entries.get(id);
    if (known) return known.volume;
    const abort = new AbortController();
    const volume = loadVolume(host, id, abort.signal).then((loaded) => {
      if (loaded) ready.set(id, loaded);
      else if (entries.get(id)?.abort === abort) entries.delete(id);
      return loaded;
    });
    entries.set(id, { abort, volume });
    return volume;
  }

  host.on('volume:whole', ({ volume }) => void learn(volume));

  /** What was read of a volume by now may say more than its first slices did. */
  async function learn(id: string): Promise<void> {
    const loaded = await entries.get(id)?.volume;
    if (!loaded || loaded.facts.whole) return;
    const reply = await host.call('volumes:open', { volume: id });
    if (reply.ok) loaded.learn(reply.value);
  }

  function keepOnly(ids: ReadonlySet<string>): void {
    for (const [id, { abort }] of entries) {
      if (ids.has(id)) continue;
      abort.abort();
      entries.delete(id);
      ready.delete(id);
      void host.call('volumes:close', { volume: id });
    }
  }

  return { ready, open, keepOnly };
}

export const volumeCacheKey: InjectionKey<VolumeCache> = Symbol('volumes');

export function useVolumeCache(): VolumeCache {
  const cache = inject(volumeCacheKey);
  invariant(cache, 'the application provides the volumes');
  return cache;
}
