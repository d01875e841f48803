import type { Field, FieldName, Layout } from './layout.ts';

/** Reads and writes fields by name in the bytes of one header. */
export class HeaderFields {
  private readonly view: DataView;
  readonly layout: Layout;
  readonly littleEndian: boolean;

  constructor(bytes: Uint8Array, layout: Layout, littleEndian: boolean) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.layout = layout;
    this.littleEndian = littleEndian;
  }

  numbers(name: FieldName): readonly number[] {
    const [offset, type, count] = this.layout.fields[name];
    return Array.from({ length: count }, (_, n) => this.read(type, offset + n * bytesOf[type]));
  }

  number(name: FieldName): number {
    return this.numbers(name)[0] ?? NaN;
  }

  /** Text up to its first zero byte. */
  text(name: FieldName): string {
    const text = String.fromCharCode(...this.numbers(name));
    return text.slice(0, text.includes('\0') ? text.indexOf('\0') : undefined).trim();
  }

  set(name: FieldName, values: readonly number[]): void {
    const [offset, type] = this.layout.fields[name];
    values.forEach((value, n) => {
      this.write(type, offset + n * bytesOf[type], value);
    });
  }

  private read(type: Field[1], at: number): number {
    const { view, littleEndian } = this;
    switch (type) {
      case 'byte':
        return view.getUint8(at);
      case 'int16':
        return view.getInt16(at, littleEndian);
      case 'int32':
        return view.getInt32(at, littleEndian);
      case 'int64':
        return Number(view.getBigInt64(at, littleEndian));
      case 'float32':
        return view.getFloat32(at, littleEndian);
      case 'float64':
        return view.getFloat64(at, littleEndian);
    }
  }

  private write(type: Field[1], at: number, value: number): void {
    const { view, littleEndian } = this;
    switch (type) {
      case 'byte':
        view.setUint8(at, value);
        break;
      case 'int16':
        view.setInt16(at, value, littleEndian);
        break;
      case 'int32':
        view.setInt32(at, value, littleEndian);
        break;
      case 'int64':
        view.setBigInt64(at, BigInt(value), littleEndian);
        break;
      case 'float32':
        view.setFloat32(at, value, littleEndian);
        break;
      case 'float64':
        view.setFloat64(at, value, littleEndian);
        break;
    }
  }
}

const bytesOf = { byte: 1, int16: 2, int32: 4, int64: 8, float32: 4, float64: 8 } as const;
