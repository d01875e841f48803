/** How long the processor works on a task, whatever else the machine does meanwhile. */
export function processorSeconds(task: () => unknown): number {
  const before = process.cpuUsage();
  task();
  return process.cpuUsage(before).user / 1e6;
}
