import type { Code } from '../../segments.ts';

/** What a structure is, in standard codes. */
export interface StructureCodes {
  /** Segmented Property Category, CID 7150. */
  readonly category: Code;
  /** Segmented Property Type. */
  readonly type: Code;
  /** The side of the body (CID 244), where the name says one and the type does not. */
  readonly side: Code | null;
}

const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });

const categories = {
  anatomy: sct('91723000', 'Anatomical Structure'),
  tissue: sct('85756007', 'Tissue'),
  abnormal: sct('49755003', 'Morphologically Abnormal Structure'),
  substance: sct('91720002', 'Body Substance'),
  /** Says that there is a region and nothing of what it is. */
  region: sct('309825002', 'Spatial and Relational Concept'),
} as const;

const sides: Readonly<Record<string, Code>> = { left: sct('7771000', 'Left'), right: sct('24028007', 'Right') };

/** Designator of the codes that are ours, for names that no standard code is known for; 99 marks private schemes (PS3.16 section 8.2). */
export const privateScheme = '99SFUMATO';

/** Category, SNOMED CT code and meaning (PS3.16), the names it is known by: lower case, a side last. */
export const structures: readonly (readonly [keyof typeof categories, string, string, string])[] = [
  ['anatomy', '10200004', 'Liver', 'liver'],
  ['anatomy', '78961009', 'Spleen', 'spleen'],
  ['anatomy', '64033007', 'Kidney', 'kidney, kidneys'],
  ['anatomy', '15776009', 'Pancreas', 'pancreas'],
  ['anatomy', '69695003', 'Stomach', 'stomach'],
  ['anatomy', '28231008', 'Gallbladder', 'gallbladder, gall bladder'],
  ['anatomy', '38848004', 'Duodenum', 'duodenum'],
  ['anatomy', '32849002', 'Esophagus', 'esophagus, oesophagus'],
  ['anatomy', '71854001', 'Colon', 'colon'],
  ['anatomy', '30315005', 'Small intestine', 'small intestine, small bowel'],
  ['anatomy', '34402009', 'Rectum', 'rectum'],
  ['anatomy', '23451007', 'Adrenal gland', 'adrenal gland, adrenal'],
  ['anatomy', '39607008', 'Lung', 'lung, lungs'],
  ['anatomy', '44567001', 'Trachea', 'trachea'],
  ['anatomy', '4596009', 'Larynx', 'larynx'],
  ['anatomy', '80891009', 'Heart', 'heart'],
  ['anatomy', '15825003', 'Aorta', 'aorta'],
  ['anatomy', '87878005', 'Left ventricle', 'ventricle left, ventricle cavity left'],
  ['anatomy', '53085002', 'Right ventricle', 'ventricle right, ventricle cavity right'],
  ['anatomy', '82471001', 'Left atrium', 'atrium left'],
  ['anatomy', '73829009', 'Right atrium', 'atrium right'],
  ['anatomy', '64131007', 'Inferior vena cava', 'inferior vena cava'],
  ['anatomy', '32764006', 'Portal vein', 'portal vein'],
  ['anatomy', '81040000', 'Pulmonary artery', 'pulmonary artery'],
  ['anatomy', '59820001', 'Blood Vessel', 'vessel, blood vessel'],
  ['anatomy', '51114001', 'Artery', 'artery'],
  ['anatomy', '29092000', 'Vein', 'vein'],
  ['anatomy', '12738006', 'Brain', 'brain'],
  ['anatomy', '119238007', 'Brain Stem', 'brainstem, brain stem'],
  ['anatomy', '113305005', 'Cerebellum', 'cerebellum'],
  ['anatomy', '5366008', 'Hippocampus', 'hippocampus, hippocampus anterior, hippocampus posterior'],
  ['anatomy', '4958002', 'Amygdala', 'amygdala'],
  ['anatomy', '42695009', 'Thalamus', 'thalamus'],
  ['anatomy', '11000004', 'Caudate Nucleus', 'caudate, caudate nucleus'],
  ['anatomy', '89278009', 'Putamen', 'putamen'],
  ['tissue', '389081007', 'Gray Matter', 'grey matter, gray matter'],
  ['tissue', '389080008', 'White Matter', 'white matter'],
  ['substance', '65216001', 'Cerebrospinal Fluid', 'cerebrospinal fluid, csf'],
  ['anatomy', '2748008', 'Spinal cord', 'spinal cord'],
  ['anatomy', '18234004', 'optic nerve', 'optic nerve'],
  ['anatomy', '244453006', 'Optic chiasm', 'optic chiasm, chiasm'],
  ['anatomy', '81745001', 'Eye', 'eye'],
  ['anatomy', '78076003', 'Lens', 'lens'],
  ['anatomy', '45289007', 'Parotid gland', 'parotid, parotid gland'],
  ['anatomy', '69748006', 'Thyroid', 'thyroid'],
  ['anatomy', '91609006', 'Mandible', 'mandible'],
  ['anatomy', '89837001', 'Bladder', 'bladder, urinary bladder'],
  ['anatomy', '41216001', 'Prostate', 'prostate'],
  ['anatomy', '35039007', 'Uterus', 'uterus'],
  ['anatomy', '272673000', 'Bone', 'bone'],
  ['anatomy', '89546000', 'Skull', 'skull'],
  ['anatomy', '51282000', 'Vertebra', 'vertebra'],
  ['anatomy', '113197003', 'Rib', 'rib'],
  ['anatomy', '56873002', 'Sternum', 'sternum'],
  ['anatomy', '51299004', 'Clavicle', 'clavicle'],
  ['anatomy', '79601000', 'Scapula', 'scapula'],
  ['anatomy', '85050009', 'Humerus', 'humerus'],
  ['anatomy', '54735007', 'Sacrum', 'sacrum'],
  ['anatomy', '71341001', 'Femur', 'femur'],
  ['anatomy', '69536005', 'Head', 'head, fetal head'],
  ['tissue', '71616004', 'Muscle', 'muscle'],
  ['tissue', '256674009', 'Fat', 'fat'],
  ['anatomy', '39937001', 'Skin', 'skin'],
  ['abnormal', '108369006', 'Neoplasm', 'neoplasm, tumor, tumour'],
  ['abnormal', '52988006', 'Lesion', 'lesion'],
  ['abnormal', '4147007', 'Mass', 'mass'],
  ['abnormal', '79654002', 'Edema', 'edema, oedema'],
  ['abnormal', '6574001', 'Necrosis', 'necrosis'],
  ['abnormal', '367643001', 'Cyst', 'cyst'],
  ['abnormal', '50960005', 'Hemorrhage', 'hemorrhage, haemorrhage'],
];

const byName = new Map(
  structures.flatMap(([category, value, meaning, names]) =>
    names.split(', ').map((name) => [name, { category: categories[category], type: sct(value, meaning) }] as const),
  ),
);

/**
 * The codes of a structure of this name: standard ones where the name is known, whatever its case, word order of sides and spelling as
 * one word; else a private code that says no more than the name.
 */
export function codesOf(name: string): StructureCodes {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const side = words.find((word) => Object.hasOwn(sides, word));
  const rest = words.filter((word) => word !== side);
  const sided = byName.get([...rest, side].join(' '));
  if (sided !== undefined) return { ...sided, side: null };
  const known = byName.get(rest.join(' ')) ?? byName.get([rest.slice(1), rest.slice(0, 1)].flat().join(' '));
  if (known !== undefined) return { ...known, side: side === undefined ? null : (sides[side] ?? null) };
  return { category: categories.region, type: privateCode(name), side: null };
}

/** A short string (SH): 16 characters of the name that every reader's character set has, and a hash where that is not all of it. */
function privateCode(name: string): Code {
  const plain = name.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
  const value =
    plain !== '' && plain === name.toUpperCase() && plain.length <= 16 ? plain : `${plain.slice(0, 7)}_${hash(name)}`;
  return { value, scheme: privateScheme, meaning: name };
}

/** FNV-1a, eight hexadecimal digits. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value.toString(16).toUpperCase().padStart(8, '0');
}
