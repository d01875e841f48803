"""Reads and writes a NIfTI file with nibabel, once a line of the input, and answers with the milliseconds it took."""

import json
import sys
import time

import nibabel
import numpy


def read(path):
    return numpy.asanyarray(nibabel.load(path).dataobj)


image = nibabel.load(sys.argv[1])
voxels = read(sys.argv[1])
for line in sys.stdin:
    request = json.loads(line)
    start = time.perf_counter()
    if request["task"] == "read":
        read(sys.argv[1])
    else:
        nibabel.save(nibabel.Nifti1Image(voxels, image.affine), request["path"])
    print(json.dumps({"milliseconds": (time.perf_counter() - start) * 1000}), flush=True)
