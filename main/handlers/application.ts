import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Handlers } from '../contract/serve.ts';
import { product } from '../product/product.ts';
import type { AuditTrail } from '../workspace/audit/auditTrail.ts';
import type { Notices } from '../workspace/records/notices.ts';
import type { SettingsFile } from '../workspace/settings/settings.ts';
import type { WorkspacePaths } from '../workspace/workspace.ts';

interface Needs {
  readonly paths: WorkspacePaths;
  readonly door: 'electron' | 'server';
  readonly audit: AuditTrail;
  readonly settings: SettingsFile;
  readonly notices: Notices;
}

export const applicationHandlers = ({ paths, door, audit, settings, notices }: Needs) =>
  ({
    'application:about': async () => ({
      version: product.version,
      door,
      engine: 'ONNX Runtime',
      device: 'auto',
      threads: availableParallelism(),
      workspace: paths.root,
      licence: 'Apache-2.0',
      notice: await readFile(join(product.resources, '..', 'NOTICE'), 'utf8').catch(() => ''),
      clinicalUse: 'Not for clinical use' as const,
    }),
    'application:audit': ({ most }) => audit.read(most),
    'application:notices': () => notices.list(),
    'settings:read': () => settings.read(),
    'settings:change': (change) => settings.change(change),
  }) satisfies Partial<Handlers>;
