import { shallowRef } from 'vue';
import type { Answer } from '../../main/contract/calls.ts';
import { useHost, useHostEvent } from '../host/host.ts';

type Metric = Answer<'training:metrics'>[number];

/** What a training has measured so far, as it goes on. */
export function useMetrics(run: string) {
  const metrics = shallowRef<readonly Metric[]>([]);
  useHostEvent('training:metric', (event) => {
    if (event.run === run) metrics.value = [...metrics.value, event.metric];
  });
  void useHost()
    .ask('training:metrics', { run })
    .then((known) => {
      const last = known?.at(-1)?.step ?? -1;
      metrics.value = [...(known ?? []), ...metrics.value.filter(({ step }) => step > last)];
    });
  return metrics;
}
