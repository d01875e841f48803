import type { Graph } from '../../graph/graph.ts';
import { optimise } from '../../graph/passes/optimise.ts';
import { encodeModel } from './onnx/model.ts';
import { plainLowering } from './plain/plain.ts';

/**
 * A graph with fixed weights as the bytes of a `.onnx` file in standard operators, which any ONNX runtime runs without us.
 *
 * @param metadata What other tools show to people.
 */
export function exportOnnx(
  graph: Graph,
  weights: Readonly<Record<string, Float32Array>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const { model } = plainLowering(optimise(graph), { constants: weights });
  return encodeModel({ ...model, metadata });
}
