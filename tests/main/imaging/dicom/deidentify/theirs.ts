import { runPython } from '../../../../support/python.ts';

/** What pydicom finds in a de-identified copy beside its original. */
export interface TheirComparison {
  readonly error?: string;
  /** Elements, at any depth, that are in a private group. */
  readonly privateElements: number;
  /**
   * Where UIDs of instances, names of persons, or numbers of the original stand in the copy: keywords of its elements; `bytes` for what is
   * in its header and in no element.
   */
  readonly told: readonly string[];
  /** Keywords of elements, at the top, that the profile keeps and that differ. */
  readonly changed: readonly string[];
  readonly samePixels: boolean;
  readonly syntaxes: readonly [string, string];
  readonly removed: string;
  readonly methods: readonly string[];
}

// Which attributes the profile names is known from the standard's own table only by the program; what is kept is compared with those it names.
const script = `
import json, sys, io, gzip, warnings, zlib
import pydicom
from pydicom.uid import UID
warnings.simplefilter('ignore')
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
pairs, named = json.loads(sys.stdin.read())
named = set(named)
classes = {'SOPClassUID', 'ReferencedSOPClassUID', 'TransferSyntaxUID', 'CodingSchemeUID', 'ContextUID', 'MappingResourceUID', 'RelatedGeneralSOPClassUID'}

def read(path):
    raw = open(path, 'rb').read()
    if raw[:2] == b'\\x1f\\x8b': raw = gzip.decompress(raw)
    return pydicom.dcmread(io.BytesIO(raw), force=True)

def walk(ds):
    for e in ds:
        yield e
        if e.VR == 'SQ':
            for item in e.value: yield from walk(item)

def texts(e):
    v = e.value
    for one in (v if isinstance(v, (list, pydicom.multival.MultiValue)) else [v]): yield str(one)

results = []
for original, copy in pairs:
    try:
        a, b = read(original), read(copy)
        secrets = set()
        for e in walk(a):
            if e.VR == 'UI' and e.keyword not in classes: secrets |= {t for t in texts(e) if t and not t.startswith('1.2.840.10008.')}
            if e.VR == 'PN' or e.keyword in ('PatientID', 'AccessionNumber', 'OtherPatientIDs', 'InstitutionName', 'InstitutionAddress'):
                secrets |= {t for t in texts(e) if len(t) > 5}
        pixels = b.get('PixelData', b'')
        header = open(copy, 'rb').read().replace(pixels, b'') if len(pixels) > 64 else open(copy, 'rb').read()
        if b.file_meta.TransferSyntaxUID == '1.2.840.10008.1.2.1.99':
            del b.PixelData
            header = ' '.join(str(e) for e in walk(b)).encode()
        encoded = lambda s: {s.encode(c, 'ignore') for c in ('utf-8', 'latin-1')} - {b''}
        told = sorted(s for s in secrets if any(e in header for e in encoded(s)))
        places = lambda s: [e.keyword for e in walk(b) if e.VR != 'SQ' and s in str(e.value)] or ['bytes']
        told = sorted({place for s in told for place in places(s)})
        kept = [e for e in a if not e.tag.is_private and '%08x' % e.tag not in named and e.tag.group not in range(0x5000, 0x6100) and e.tag.element != 0 and e.VR != 'SQ' and e.tag.group != 0x7fe0]
        changed = [e.keyword or str(e.tag) for e in kept if e.tag not in b or b[e.tag].value != e.value]
        results.append(dict(privateElements=sum(e.tag.is_private for e in walk(b)), told=told, changed=changed,
            samePixels=a.get('PixelData', b'') == pixels or pixels == b'' and 'PixelData' not in b and b.file_meta.TransferSyntaxUID == '1.2.840.10008.1.2.1.99',
            syntaxes=[str(a.file_meta.get('TransferSyntaxUID', '')), str(b.file_meta.TransferSyntaxUID)],
            removed=b.get('PatientIdentityRemoved', ''), methods=[m.CodeValue for m in b.DeidentificationMethodCodeSequence]))
    except Exception as error:
        results.append(dict(error=repr(error)))
print(json.dumps(results))
`;

/** @param named Tags that the profile does something with. */
export function compareTheirs(
  pairs: readonly (readonly [original: string, copy: string])[],
  named: readonly string[],
): Promise<TheirComparison[]> {
  return runPython<TheirComparison[]>(script, [], { input: JSON.stringify([pairs, named]) });
}
