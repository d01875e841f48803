import { z } from 'zod';
import { surveyDevices, type DeviceSurvey } from '../../services/devices/surveyDevices.ts';
import { defineCommand } from '../command.ts';
import { threads } from '../options.ts';
import { formatTable } from '../table.ts';

const toRow = ({ engine, device, works, reasons, gigaMacs }: DeviceSurvey): readonly string[] => [
  engine,
  device,
  works ? 'works' : 'no',
  gigaMacs === null ? '' : gigaMacs.toFixed(1),
  reasons.join('; '),
];

export const devices = defineCommand({
  name: 'devices',
  summary: 'what each device of this computer can do, measured by a small known graph',
  ask: z.object({ threads }),
  run: async (ask, { reporter, signal }) => {
    const found = await surveyDevices(ask.threads, signal);
    const head = ['engine', 'device', 'state', 'GMAC/s', 'remarks'];
    reporter.result({ threads: ask.threads, devices: found }, formatTable([head, ...found.map(toRow)]));
  },
});
