import { Problem } from '../../../ml/check/problem.ts';
import type { Update } from '../../compute/pieces.ts';

type Preview = Extract<Update, { kind: 'preview' }>;

/** The latest preview of each job that runs. */
export class Previews {
  readonly #latest = new Map<string, Preview>();

  set(job: string, preview: Preview): void {
    this.#latest.set(job, preview);
  }

  /** @throws Problem 'data' where the job has none, or is over. */
  get(job: string): Preview {
    const preview = this.#latest.get(job);
    if (preview !== undefined) return preview;
    throw new Problem('data', 'there is no preview of this job', job, 'Wait for its first sample, or open its result.');
  }

  delete(job: string): void {
    this.#latest.delete(job);
  }
}
