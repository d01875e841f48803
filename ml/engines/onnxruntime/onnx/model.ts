// ONNX as plain data, and its bytes. Field numbers are those of onnx.proto (IR version 9); only what our graphs need is here.
import { PbfWriter } from 'pbf';
import type { ElementType, Shape } from '../../../graph/ops.ts';

/** Element types of ONNX tensors, TensorProto.DataType. */
const dataTypes = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

export type OnnxType = keyof typeof dataTypes;

/** A plain number or list is an integer attribute; floats say so. */
export type Attribute = number | readonly number[] | string | { readonly float: number };

export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  /** Empty for standard ONNX. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface OnnxTensor {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: Shape;
  /** Little-endian values, row-major. */
  readonly bytes: Uint8Array;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** What other tools show to people: name, licence, meaning of the channels. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Operator sets by domain. 18 is read by every runtime since 2023. */
const operatorSets = { '': 18, 'com.microsoft': 1, 'com.microsoft.nchwc': 1 } as const;

/** AttributeProto.AttributeType. */
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** Bytes of a ModelProto, as a `.onnx` file holds them. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const writer = new PbfWriter();
  writer.writeVarintField(1, 9);
  writer.writeStringField(2, 'sfumato');
  writer.writeMessage(7, writeGraph, model);
  for (const [domain, version] of Object.entries(operatorSets)) {
    if (domain !== '' && !model.nodes.some((node) => node.domain === domain)) continue;
    writer.writeMessage(8, writeOperatorSet, { domain, version });
  }
  for (const entry of Object.entries(model.metadata)) writer.writeMessage(14, writeEntry, entry);
  return writer.finish();
}

function writeOperatorSet({ domain, version }: { domain: string; version: number }, writer: PbfWriter): void {
  if (domain !== '') writer.writeStringField(1, domain);
  writer.writeVarintField(2, version);
}

function writeEntry([key, value]: readonly [string, string], writer: PbfWriter): void {
  writer.writeStringField(1, key);
  writer.writeStringField(2, value);
}

function writeGraph(model: OnnxModel, writer: PbfWriter): void {
  for (const node of model.nodes) writer.writeMessage(1, writeNode, node);
  writer.writeStringField(2, 'graph');
  for (const tensor of model.initializers) writer.writeMessage(5, writeTensor, tensor);
  for (const value of model.inputs) writer.writeMessage(11, writeValue, value);
  for (const value of model.outputs) writer.writeMessage(12, writeValue, value);
}

function writeNode(node: OnnxNode, writer: PbfWriter): void {
  for (const input of node.inputs) writer.writeStringField(1, input);
  for (const output of node.outputs) writer.writeStringField(2, output);
  writer.writeStringField(3, node.name);
  writer.writeStringField(4, node.op);
  for (const entry of Object.entries(node.attributes)) writer.writeMessage(5, writeAttribute, entry);
  if (node.domain !== '') writer.writeStringField(7, node.domain);
}

function writeAttribute([name, value]: readonly [string, Attribute], writer: PbfWriter): void {
  writer.writeStringField(1, name);
  if (typeof value === 'number') {
    writer.writeVarintField(3, value);
    writer.writeVarintField(20, attributeTypes.int);
  } else if (typeof value === 'string') {
    writer.writeStringField(4, value);
    writer.writeVarintField(20, attributeTypes.string);
  } else if ('float' in value) {
    writer.writeFloatField(2, value.float);
    writer.writeVarintField(20, attributeTypes.float);
  } else {
    for (const item of value) writer.writeVarintField(8, item);
    writer.writeVarintField(20, attributeTypes.ints);
  }
}

function writeTensor(tensor: OnnxTensor, writer: PbfWriter): void {
  for (const extent of tensor.shape) writer.writeVarintField(1, extent);
  writer.writeVarintField(2, dataTypes[tensor.type]);
  writer.writeStringField(8, tensor.name);
  writer.writeBytesField(9, tensor.bytes);
}

/** ValueInfoProto > TypeProto > TypeProto.Tensor > TensorShapeProto > Dimension. */
function writeValue(value: OnnxValue, writer: PbfWriter): void {
  writer.writeStringField(1, value.name);
  writer.writeMessage(2, writeType, value);
}

const writeType = (value: OnnxValue, writer: PbfWriter): void => {
  writer.writeMessage(1, writeTensorType, value);
};

function writeTensorType(value: OnnxValue, writer: PbfWriter): void {
  writer.writeVarintField(1, dataTypes[value.type]);
  writer.writeMessage(2, writeShape, value.shape);
}

function writeShape(shape: Shape, writer: PbfWriter): void {
  for (const extent of shape) writer.writeMessage(1, writeExtent, extent);
}

const writeExtent = (extent: number, writer: PbfWriter): void => {
  writer.writeVarintField(1, extent);
};
