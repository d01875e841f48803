"""Makes a series of 300 slices from a shorter one, in the transfer syntax asked for; then opens it with SimpleITK once a line of the input."""

import json
import pathlib
import sys
import time

import pydicom
import SimpleITK
from pydicom.uid import UID, generate_uid

SLICES = 300


def make(source, target, syntax):
    slices = [pydicom.dcmread(path) for path in sorted(pathlib.Path(source).iterdir())]
    slices.sort(key=lambda each: float(each.ImagePositionPatient[2]))
    for each in slices:
        each.decompress()
    gap = 1.0
    x, y, _ = slices[0].ImagePositionPatient
    for n in range(SLICES):
        each = slices[n % len(slices)]
        each.SOPInstanceUID = each.file_meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[str(n)])
        each.SeriesInstanceUID = slices[0].SeriesInstanceUID
        each.ImagePositionPatient = [x, y, gap * n]
        each.InstanceNumber = n + 1
        path = pathlib.Path(target) / f"{n:04}.dcm"
        each.save_as(path)
        if UID(syntax).is_compressed:
            stored = pydicom.dcmread(path)
            stored.compress(syntax, generate_instance_uid=False)
            stored.save_as(path)


def open_series(folder):
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(folder))
    return reader.Execute()


source, target, syntax = sys.argv[1:]
make(source, target, syntax)
SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(2)
for line in sys.stdin:
    start = time.perf_counter()
    image = open_series(target)
    milliseconds = (time.perf_counter() - start) * 1000
    print(json.dumps({"milliseconds": milliseconds, "shape": image.GetSize()}), flush=True)
