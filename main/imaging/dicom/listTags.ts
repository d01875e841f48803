import type { Tag } from './tags.ts';

/** The tags of a text as our tables have them: a group, a colon, the elements in it, e.g. `0008:0012 0021 0028:0010`. */
export function listTags(groups: string): Tag[] {
  let group = '';
  const listed: Tag[] = [];
  for (const [, start, element] of groups.matchAll(/(\w{4}:)|(\w{4})/g)) {
    if (start !== undefined) group = start.slice(0, 4);
    else if (element !== undefined) listed.push(group + element);
  }
  return listed;
}
