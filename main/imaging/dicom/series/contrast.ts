import type { Dataset } from '../dataset.ts';
import { tags, type Tag } from '../tags.ts';
import type { FrameAttributes } from './attributes.ts';
import { readBValue } from './diffusion.ts';
import { secondsOf, secondsOfDateTime, secondsOfDay } from './time.ts';

/** What tells images of the same place apart other than time, in words that a person reads. */
export type Contrast = ReadonlyMap<string, string>;

export function readContrast(frame: FrameAttributes): Contrast {
  const { root, macro } = frame;
  const number = (word: string, values: readonly (number | undefined)[], unit = ''): [string, string][] => {
    const value = values.find((one) => one !== undefined);
    return value === undefined ? [] : [[word, `${value}${unit}`]];
  };
  const echo = macro(tags.MREchoSequence);
  return new Map([
    ['image type', frameType(root, macro).join(' ')],
    ['component', root.text(tags.ComplexImageComponent) ?? ''],
    ...number('echo time', [echo.number(tags.EffectiveEchoTime), root.number(tags.EchoTime)], ' ms'),
    ...number('inversion time', [root.number(tags.InversionTime)], ' ms'),
    ...number('b-value', [readBValue(frame)], ' s/mm2'),
  ]);
}

function frameType(root: Dataset, macro: FrameAttributes['macro']): readonly string[] {
  const sequences: readonly Tag[] = [
    tags.MRImageFrameTypeSequence,
    tags.CTImageFrameTypeSequence,
    tags.PETFrameTypeSequence,
  ];
  const own = sequences.map((sequence) => macro(sequence).texts(tags.FrameType)).find(({ length }) => length > 0);
  return own ?? root.texts(tags.ImageType);
}

/** The attributes that order frames of one place in time, the most telling first; the last is the frame's number in its object. */
export const clocks = [
  'temporal position',
  'trigger delay',
  'frame reference time',
  'acquisition time',
  'acquisition number',
  'content time',
  'frame number',
] as const;

/** One reading a clock; `undefined` where the file has none. */
export type Times = readonly (number | undefined)[];

/** @param frame Number of the frame in its object; `undefined` for an object of one frame. */
export function readTimes({ root, macro }: FrameAttributes, frame: number | undefined): Times {
  const content = macro(tags.FrameContentSequence);
  return [
    content.number(tags.TemporalPositionIndex) ?? root.number(tags.TemporalPositionIdentifier),
    macro(tags.CardiacSynchronizationSequence).number(tags.NominalCardiacTriggerDelayTime) ??
      root.number(tags.TriggerTime),
    root.number(tags.FrameReferenceTime),
    secondsOfDateTime(content.text(tags.FrameAcquisitionDateTime)) ??
      secondsOfDateTime(root.text(tags.AcquisitionDateTime)) ??
      secondsOf(root.text(tags.AcquisitionDate), root.text(tags.AcquisitionTime)) ??
      secondsOfDay(root.text(tags.AcquisitionTime)),
    root.number(tags.AcquisitionNumber),
    secondsOfDay(root.text(tags.ContentTime)),
    frame,
  ];
}
