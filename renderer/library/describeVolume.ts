import type { Study } from '../../main/contract/studies.ts';
import { formatNumber } from '../components/formatNumber.ts';

/** `512 × 512 × 120, 0.7 × 0.7 × 2.5 mm`; without a size where none is known. */
export function describeVolume(volume: Study['volumes'][number] | undefined): string {
  if (!volume) return '';
  const shape = volume.shape.map(String).join(' × ');
  return volume.spacing ? `${shape}, ${volume.spacing.map(formatNumber).join(' × ')} mm` : shape;
}
