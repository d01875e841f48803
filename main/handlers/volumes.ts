import type { ComputeProcess } from '../compute/computeProcess.ts';
import type { Update } from '../compute/pieces.ts';
import type { Emit, Handlers } from '../contract/serve.ts';
import type { MapName, SegmentationShelf } from '../workspace/segmentations/shelf.ts';
import type { StudyLibrary } from '../workspace/studies/library.ts';

interface Needs {
  readonly library: StudyLibrary;
  readonly shelf: SegmentationShelf;
  readonly reader: ComputeProcess;
  readonly emit: Emit;
}

const mapNames: readonly MapName[] = ['mask', 'probability', 'entropy', 'samples'];

export const volumeHandlers = ({ library, shelf, reader, emit }: Needs) =>
  ({
    'volumes:open': async ({ volume }) => {
      const [segmentation, name] = volume.split('/');
      const map = mapNames.find((one) => one === name);
      const path =
        map === undefined || segmentation === undefined
          ? await library.pathOf(volume)
          : await shelf.mapPath(segmentation, map);
      const onUpdate = (update: Update): void => {
        if (update.kind !== 'progress') return;
        const { done, total, secondsLeft } = update.progress;
        emit('volume:reading', { volume, done, total, secondsLeft });
      };
      const facts = await reader.run('volume:open', { volume, path }, { onUpdate });
      if (!facts.whole)
        reader.run('volume:whole', { volume }, { onUpdate }).then(
          () => {
            emit('volume:whole', { volume });
          },
          // Whoever asks for its slices is told.
          () => undefined,
        );
      return facts;
    },
    'volumes:slices': (ask) => reader.run('volume:slices', ask),
    'volumes:close': (ask) => reader.run('volume:close', ask),
  }) satisfies Partial<Handlers>;
