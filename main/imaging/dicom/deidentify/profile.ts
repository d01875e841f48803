import { listTags } from '../listTags.ts';
import type { Tag } from '../tags.ts';
import { profileTable } from './profileTable.ts';

/** What the Basic Application Level Confidentiality Profile (DICOM PS3.15 annex E) does with an attribute. */
export type Action =
  /** `renew`: another UID, one for the same UID wherever it stands. */
  { readonly kind: 'keep' | 'remove' | 'empty' | 'renew' } | { readonly kind: 'dummy'; readonly vr: string };

const named: Readonly<Record<string, Action>> = {
  X: { kind: 'remove' },
  Z: { kind: 'empty' },
  U: { kind: 'renew' },
};

const byTag: ReadonlyMap<Tag, Action> = new Map(
  Object.entries(profileTable).flatMap(([action, tags]) =>
    listTags(tags).map((tag): [Tag, Action] => [tag, named[action] ?? { kind: 'dummy', vr: action.slice(2) }]),
  ),
);

/** Private groups, curves, overlays, and the lengths of groups, which would be wrong. An overlay without its data is none: all of it goes. */
const removed = /^(...[13579bdf]|50|60)|0000$/;

export function actionOn(tag: Tag): Action {
  if (removed.test(tag)) return { kind: 'remove' };
  return byTag.get(tag) ?? { kind: 'keep' };
}
