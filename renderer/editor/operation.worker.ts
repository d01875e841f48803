import { operate, type OperationRequest } from '../editing/operation.ts';

/** Works on a copy of the labels beside the window's thread; what comes back is what changed. */
self.onmessage = ({ data }: MessageEvent<OperationRequest>) => {
  const diff = operate(data);
  self.postMessage(diff, { transfer: [diff.runs.buffer] });
};
