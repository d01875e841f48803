import type { Handlers } from '../contract/serve.ts';
import type { JobQueue } from '../workspace/jobs/jobQueue.ts';

export const jobHandlers = ({ queue }: { readonly queue: JobQueue }) =>
  ({
    'jobs:list': () => queue.list(),
    'jobs:cancel': ({ job }) => queue.stop(job, 'cancelled'),
    'jobs:retry': ({ job }) => queue.retry(job),
    'jobs:forget': ({ job }) => {
      queue.forget(job);
      return null;
    },
  }) satisfies Partial<Handlers>;
