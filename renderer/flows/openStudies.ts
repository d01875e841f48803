import type { Study } from '../../main/contract/studies.ts';
import type { Host } from '../host/host.ts';
import { useProblemStore } from '../stores/problems.ts';
import { useStudyStore } from '../stores/studies.ts';
import { showStudy } from './showStudy.ts';

export async function refreshStudies(host: Host): Promise<void> {
  const studies = await host.ask('studies:list', {});
  if (studies) useStudyStore().set(studies);
}

/** Opens files and folders of the host's computer; what could not be read is said, and the first study is shown. */
export async function openPaths(host: Host, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const opened = await host.ask('studies:open', { paths: [...paths] });
  if (!opened) return;
  const problems = useProblemStore();
  for (const { path, what, remedy } of opened.refused) problems.report({ what, where: path, remedy });
  await showFirst(host, opened.studies);
}

export async function openSample(host: Host): Promise<void> {
  const opened = await host.ask('studies:openSample', {});
  if (opened) await showFirst(host, opened.studies);
}

async function showFirst(host: Host, [first]: readonly Study[]): Promise<void> {
  await refreshStudies(host);
  if (first) await showStudy(host, first.study);
}
