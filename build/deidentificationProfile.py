"""Prints main/imaging/dicom/deidentify/profileTable.ts: what the Basic Profile of DICOM PS3.15 annex E does with each attribute.

    pip install --no-deps dicom-anonymizer==2.1.0 pydicom==3.0.2
    python build/deidentificationProfile.py FOLDER/dicomanonymizer/dicom_anonymization_databases/dicomfields_2026c.py

dicom-anonymizer (Kitware, BSD-3-Clause) holds table E.1-1 of the edition 2026c; pydicom knows the value representations.
"""

import runpy
import sys
from collections import defaultdict

from pydicom.datadict import dictionary_VR

# Where the standard leaves a choice by the type of an attribute (X/Z, Z/D, ...), what is valid for every type is taken; of sequences,
# for which a dummy would have to be made up, what says least. X/Z/U* is for sequences that stay, with new UIDs within.
CHOICES = {
    "X_TAGS": "X",
    "Z_TAGS": "Z",
    "D_TAGS": "D",
    "U_TAGS": "U",
    "X_Z_TAGS": "Z",
    "X_D_TAGS": "D",
    "Z_D_TAGS": "D",
    "X_Z_D_TAGS": "D",
}
ON_SEQUENCES = {"X_D_TAGS": "X", "X_Z_D_TAGS": "Z"}


def representation(tag):
    try:
        return dictionary_VR(tag)
    except KeyError:  # Newer than pydicom's dictionary; all of these are removed.
        return "UN"


def lines(tags):
    groups = defaultdict(list)
    for group, element in sorted(tags):
        groups[group].append("%04x" % element)
    text = " ".join("%04x:%s" % (group, " ".join(elements)) for group, elements in groups.items())
    line = "   "
    for word in text.split(" "):
        if len(line) + len(word) > 118:
            yield line
            line = "   "
        line += " " + word
    yield line


def main():
    fields = runpy.run_path(sys.argv[1])
    rows = defaultdict(list)
    for name, action in CHOICES.items():
        for tag in fields[name]:
            if len(tag) != 2 or tag[0] % 2 == 1:
                continue  # Repeating and private groups have a rule of their own.
            vr = representation(tag)
            chosen = ON_SEQUENCES.get(name, action) if vr == "SQ" else action
            rows["D " + vr if chosen == "D" else chosen].append(tag)
    print("// Made by build/deidentificationProfile.py from table E.1-1 of DICOM PS3.15, edition 2026c, as dicom-anonymizer 2.1.0 (Kitware,")
    print("// BSD-3-Clause) holds it.\n")
    print("/** An action, for D with the value representation; a group, a colon, the elements in it. */")
    print("export const profileTable = {")
    for action in sorted(rows):
        print("  '%s': `\n%s`," % (action, "\n".join(lines(rows[action]))))
    print("} as const;")


main()
