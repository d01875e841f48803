import type { Study } from '../../main/contract/studies.ts';
import { formatDate } from '../components/formatDate.ts';

/** Whether every word of a search is in a study's name, path, kinds or dates. */
export function matchesSearch({ name, path, openedAt, volumes }: Study, search: string | null): boolean {
  const kinds = volumes.flatMap(({ modality, description, format }) => [modality ?? '', description, format]);
  const said = [name, path, formatDate(openedAt), ...kinds].join(' ').toLowerCase();
  return (search ?? '')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}
