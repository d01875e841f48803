export const jobs = {
  title: 'Jobs',
  emptyTitle: 'No jobs',
  emptyText: 'Segmentations and trainings show here while they run, and after.',
  states: {
    waiting: 'Waiting',
    running: 'Running',
    paused: 'Paused',
    done: 'Done',
    failed: 'Failed',
    cancelled: 'Cancelled',
    interrupted: 'Interrupted',
  },
  left: (time: string) => `${time} left`,
  forget: 'Take off the list',
  again: 'Run again',
};
