// What an .onnx file from elsewhere says of itself before anything of it is run. Field numbers are those of onnx.proto.
import { PbfReader } from 'pbf';

export interface OnnxFacts {
  /** Whose operators its nodes are; empty: the standard's. */
  readonly domains: readonly string[];
  /** Whether a weight lies in another file. */
  readonly hasExternalData: boolean;
}

/** @returns undefined where the bytes are no ONNX model. */
export function inspectOnnx(bytes: Uint8Array): OnnxFacts | undefined {
  const found: Found = { domains: new Set(), hasExternalData: false, hasGraph: false };
  try {
    new PbfReader(bytes).readFields(readModel, found);
  } catch {
    return undefined;
  }
  const { domains, hasExternalData, hasGraph } = found;
  return hasGraph ? { domains: [...domains], hasExternalData } : undefined;
}

interface Found {
  readonly domains: Set<string>;
  hasExternalData: boolean;
  hasGraph: boolean;
}

function readModel(tag: number, found: Found, reader: PbfReader): void {
  if (tag !== 7) return;
  found.hasGraph = true;
  reader.readMessage(readGraph, found);
}

function readGraph(tag: number, found: Found, reader: PbfReader): void {
  if (tag === 1) reader.readMessage(readNode, found);
  if (tag === 5) reader.readMessage(readTensor, found);
}

function readNode(tag: number, found: Found, reader: PbfReader): void {
  if (tag === 5) reader.readMessage(readAttribute, found);
  if (tag === 7) found.domains.add(reader.readString());
}

/** A tensor, or the graphs of a branch or a loop. */
function readAttribute(tag: number, found: Found, reader: PbfReader): void {
  if (tag === 5) reader.readMessage(readTensor, found);
  if (tag === 6 || tag === 11) reader.readMessage(readGraph, found);
}

/** TensorProto.data_location; 1 is EXTERNAL. */
function readTensor(tag: number, found: Found, reader: PbfReader): void {
  if (tag === 14 && reader.readVarint() === 1) found.hasExternalData = true;
}
