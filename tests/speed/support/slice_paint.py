"""SimpleITK's side of slice-paint: answers each line on its input with the milliseconds a slice took, on the mean."""

import json
import sys
import time

import numpy as np
import SimpleITK as sitk

sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
slices = int(sys.argv[1])
n = np.arange(512 * 512 * slices, dtype=np.int64)
image = sitk.GetImageFromArray(((n * 7919) % 3000 - 1000).astype(np.int16).reshape(slices, 512, 512))
i = np.arange(512)
inside = (i >= 100) & (i < 400)
plane = np.where(inside[:, None] & inside[None, :], 1 + ((i[None, :] >> 5) & 3), 0).astype(np.uint8)
labels = sitk.GetImageFromArray(np.repeat(plane[None], slices, axis=0))

for _ in sys.stdin:
    start = time.perf_counter()
    for k in range(slices):
        grey = sitk.Cast(sitk.IntensityWindowing(image[:, :, k], -160, 240, 0, 255), sitk.sitkUInt8)
        pixels = sitk.GetArrayViewFromImage(sitk.LabelOverlay(grey, labels[:, :, k], opacity=0.5))
    print(json.dumps({"milliseconds": (time.perf_counter() - start) * 1000 / slices}), flush=True)
