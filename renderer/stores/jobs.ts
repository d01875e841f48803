import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { Job } from '../../main/contract/jobs.ts';

/** The host's jobs as it last told them. */
export const useJobStore = defineStore('jobs', () => {
  const list = ref<Job[]>([]);
  const running = computed(() => list.value.filter(({ state }) => state === 'running' || state === 'waiting').length);

  function put(job: Job): void {
    const place = list.value.findIndex((other) => other.job === job.job);
    if (place < 0) list.value.unshift(job);
    else list.value[place] = job;
  }

  function forget(job: string): void {
    list.value = list.value.filter((other) => other.job !== job);
  }

  const find = (job: string) => list.value.find((other) => other.job === job);

  return { list, running, put, forget, find };
});
