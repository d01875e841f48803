import { tellSupervisor } from './supervisor.ts';

/**
 * Names a temporary file or folder before it is made: if the process ends in the middle, whatever ends it, its supervisor
 * deletes the file.
 *
 * @returns To be called once the file was renamed or deleted.
 */
export function markUnfinished(path: string): () => void {
  tellSupervisor({ tell: 'unfinished', path });
  return () => {
    tellSupervisor({ tell: 'finished', path });
  };
}
