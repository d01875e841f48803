import { watch } from 'vue';
import type { Host } from '../host/host.ts';
import { useJobStore } from '../stores/jobs.ts';
import { useLayoutStore } from '../stores/layout.ts';
import { useProblemStore } from '../stores/problems.ts';
import { useSettingsStore } from '../stores/settings.ts';
import { useViewStore } from '../stores/view.ts';
import { openPaths, openSample, refreshStudies } from './openStudies.ts';
import { refreshSegmentations } from './showStudy.ts';

/** Begins to listen to the host and brings the stores to what it has. The sample is shown on the first start. */
export async function startSession(host: Host): Promise<void> {
  listen(host);
  const settings = useSettingsStore();
  const [known, jobs] = await Promise.all([host.ask('settings:read', {}), host.ask('jobs:list', {})]);
  if (known) settings.current = known;
  if (jobs) useJobStore().list = jobs;
  useLayoutStore().show(settings.current.layout);
  keepSettings(host);
  await refreshStudies(host);
  for (const notice of (await host.ask('application:notices', {})) ?? []) useProblemStore().report(notice);
  if (known && !known.tourSeen) await openSample(host);
}

function listen(host: Host): void {
  const jobs = useJobStore();
  const view = useViewStore();
  host.on('job:changed', jobs.put);
  host.on('job:forgotten', ({ job }) => {
    jobs.forget(job);
  });
  host.on('studies:changed', () => void refreshStudies(host));
  host.on('segmentations:changed', ({ study }) => {
    if (study === view.study) void refreshSegmentations(host, study);
  });
  host.on('host:notice', useProblemStore().report);
  host.on('host:open', ({ paths }) => void openPaths(host, paths));
}

/** Long enough that dragging a slider is one change. */
const settleMilliseconds = 500;

/** Tells the host what the person changes. */
function keepSettings(host: Host): void {
  const settings = useSettingsStore();
  const layout = useLayoutStore();
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    () => layout.layout,
    (next) => {
      settings.change({ layout: next });
    },
  );
  watch(
    () => settings.current,
    (current) => {
      clearTimeout(timer);
      timer = setTimeout(() => void host.ask('settings:change', current), settleMilliseconds);
    },
  );
}
