export type Dimensions = 2 | 3;
export type Task = 'train' | 'infer';

/** Our side of a comparison with PyTorch: the U-Net of bench_unet.py, compiled, its data in place, two threads. */
export interface UnetBench {
  /** One training step (cross entropy, AdamW, the loss read back) or one inference; resolves when its result is there. */
  step(): Promise<void>;
  dispose(): Promise<void>;
}

/** Compiles the step for input [4, 1, 128, 128] (2-D) or [1, 1, 64, 64, 64] (3-D). */
export function benchUnet(dimensions: Dimensions, task: Task): Promise<UnetBench> {
  return Promise.reject(new Error(`no ${dimensions}-D U-Net to ${task} yet`));
}
