import type { Handlers } from '../contract/serve.ts';
import type { JobQueue } from '../workspace/jobs/jobQueue.ts';

export const jobHandlers = ({ queue }: { readonly queue: JobQueue }) =>
  ({
    'jobs:list': () => Promise.resolve(queue.list()),
    'jobs:cancel': ({ job }) => queue.stop(job, 'cancelled'),
    // eslint-disable-next-line @typescript-eslint/require-await -- what the queue throws becomes a rejection
    'jobs:retry': async ({ job }) => queue.retry(job),
    // eslint-disable-next-line @typescript-eslint/require-await -- likewise
    'jobs:forget': async ({ job }) => {
      queue.forget(job);
      return null;
    },
  }) satisfies Partial<Handlers>;
