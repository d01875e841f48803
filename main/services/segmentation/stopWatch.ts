type Phase = 'preprocess' | 'network' | 'postprocess';

/** Where the time of a segmentation goes: one phase at a time. */
export class StopWatch {
  readonly #seconds: Record<Phase, number> = { preprocess: 0, network: 0, postprocess: 0 };
  #phase: Phase | undefined;
  #since = 0;

  start(phase: Phase): void {
    const now = performance.now();
    if (this.#phase) this.#seconds[this.#phase] += (now - this.#since) / 1000;
    this.#phase = phase;
    this.#since = now;
  }

  time<T>(phase: Phase, work: () => T): T {
    this.start(phase);
    return work();
  }

  stop(): Readonly<Record<Phase, number>> {
    this.start('postprocess');
    return this.#seconds;
  }
}
