import { computed, type Ref } from 'vue';
import { track } from '../components/track.ts';
import { useShownSegmentation, type ShownSegmentation } from '../session/shownSegmentation.ts';
import { colourRamp, fadeIn, packColour, parseColour } from '../slices/colour.ts';
import { fillLabelTable } from '../slices/labelColours.ts';
import type { Layer } from '../slices/paint.ts';
import { emptyTable, isTabled } from '../slices/shading.ts';
import { useOverlayStore } from '../stores/overlay.ts';
import { useSegmentationStore } from '../stores/segmentations.ts';
import { useSettingsStore } from '../stores/settings.ts';
import { useViewStore } from '../stores/view.ts';
import type { LoadedVolume } from '../volumes/loadedVolume.ts';
import { useVolumeCache } from '../volumes/volumeCache.ts';
import { differenceColours } from './differenceColours.ts';

/** A channel of labels: a mask, or one of the samples. */
export interface LabelSource {
  readonly loaded: LoadedVolume | undefined;
  readonly channel: number;
}

const packedDifferences = [
  packColour(parseColour(differenceColours[0]), 0.75),
  packColour(parseColour(differenceColours[1]), 0.75),
  packColour(parseColour(differenceColours[2]), 0.75),
] as const;
const heatRamp = colourRamp('inferno', fadeIn(0.85));
const imageRamp = colourRamp('viridis', fadeIn(0.5));

/** What is painted over the image in voxels: a second image, a map, filled structures. */
export function useOverlayLayers() {
  const overlay = useOverlayStore();
  const shown = useShownSegmentation();
  const labels = computed<LabelSource>(() => {
    const samples = shown.samples.value;
    if (overlay.sample === null || samples === undefined) return { loaded: shown.mask.value, channel: 0 };
    return { loaded: samples, channel: overlay.sample };
  });
  const { image, second } = useImageOverlay();
  const heat = useHeatLayer(shown);
  const fill = useFillLayer(shown, labels);
  const { difference, compared } = useDifferenceLayer(shown);
  const layers = computed<readonly Layer[]>(() =>
    overlay.visible
      ? [image.value, heat.value, difference.value ?? fill.value].filter((layer) => layer !== undefined)
      : [],
  );
  /** Reads that voxels have come or changed, so that whoever paints is called again. */
  const depend = (): void => {
    for (const source of [
      labels.value.loaded,
      shown.entropy.value,
      shown.probability.value,
      second.value,
      compared.value,
    ])
      track(source?.revision.value);
  };
  return { layers, labels, depend };
}

export type OverlayLayers = ReturnType<typeof useOverlayLayers>;

function useFillLayer(shown: ShownSegmentation, labels: Ref<LabelSource>) {
  const overlay = useOverlayStore();
  const settings = useSettingsStore();
  const table = computed(() => {
    const data = labels.value.loaded?.volume.data;
    return data && isTabled(data) ? emptyTable(data) : undefined;
  });
  return computed<Layer | undefined>(() => {
    const { loaded, channel } = labels.value;
    const { overlayStyle, overlayOpacity } = settings.current;
    if (!loaded || !table.value || overlayStyle === 'outline' || !isTabled(loaded.volume.data)) return undefined;
    const colours = shown.structures.value.map(({ value, colour }) => ({
      label: value,
      colour: parseColour(colour),
      opacity: overlay.hidden.includes(value) ? 0 : overlayOpacity * (overlay.opacities[value] ?? 1),
    }));
    fillLabelTable(table.value, colours);
    return { kind: 'table', volume: { ...loaded.volume, data: loaded.volume.data }, channel, table: table.value };
  });
}

function useDifferenceLayer(shown: ShownSegmentation) {
  const overlay = useOverlayStore();
  const segmentations = useSegmentationStore();
  const cache = useVolumeCache();
  const compared = computed(() => {
    const other = segmentations.list.find(({ segmentation }) => segmentation === segmentations.compared);
    return other && cache.ready.get(other.maps.mask);
  });
  const difference = computed<Layer | undefined>(() => {
    const [mask, other] = [shown.mask.value, compared.value];
    if (!overlay.difference || !mask || !other) return undefined;
    return { kind: 'difference', volume: mask.volume, other: other.volume, colours: packedDifferences };
  });
  return { difference, compared };
}

function useHeatLayer(shown: ShownSegmentation) {
  const overlay = useOverlayStore();
  return computed<Layer | undefined>(() => {
    const source = overlay.heat === 'entropy' ? shown.entropy.value : shown.probability.value;
    if (overlay.heat === 'none' || !source) return undefined;
    const channel = overlay.heat === 'entropy' ? 0 : overlay.heatClass;
    const high = overlay.heat === 'entropy' ? shown.mostEntropy.value : 1;
    const shading = { low: 0, high, ramp: heatRamp };
    return { kind: 'values', volume: source.volume, channel, shading, interpolation: 'nearest' };
  });
}

function useImageOverlay() {
  const viewing = useViewStore();
  const cache = useVolumeCache();
  const second = computed(() => (viewing.overlay ? cache.ready.get(viewing.overlay) : undefined));
  const image = computed<Layer | undefined>(() => {
    if (!second.value) return undefined;
    const { volume, facts } = second.value;
    const shading = { low: facts.range.low, high: facts.range.high, ramp: imageRamp };
    return { kind: 'values', volume, channel: 0, shading, interpolation: 'linear' };
  });
  return { image, second };
}
