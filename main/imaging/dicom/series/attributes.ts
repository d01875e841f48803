import type { Dataset } from '../dataset.ts';
import { tags, type Tag } from '../tags.ts';

/** The attributes of one frame. */
export interface FrameAttributes {
  readonly root: Dataset;
  /**
   * What a functional group macro says of the frame: its own item, else the one all frames share (PS3.3 C.7.6.16). Classic objects hold the
   * same attributes at the root.
   */
  readonly macro: (sequence: Tag) => Dataset;
}

/** The attributes of every frame of an object, which may be a classic one. */
export function frameAttributes(root: Dataset, frames: number): readonly FrameAttributes[] {
  const [shared] = root.items(tags.SharedFunctionalGroupsSequence);
  const own = root.items(tags.PerFrameFunctionalGroupsSequence);
  return Array.from({ length: frames }, (_, index) => ({
    root,
    macro: (sequence) => own[index]?.items(sequence)[0] ?? shared?.items(sequence)[0] ?? root,
  }));
}
