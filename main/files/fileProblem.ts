import { Problem } from '../../ml/check/problem.ts';

const meanings: Readonly<Record<string, { what: string; remedy: string }>> = {
  ENOENT: { what: 'there is no such file or folder', remedy: 'Check the path.' },
  EACCES: { what: 'no permission', remedy: 'Change the permissions of the file or folder, or choose another.' },
  EPERM: { what: 'no permission', remedy: 'Change the permissions of the file or folder, or choose another.' },
  EROFS: { what: 'the disk can only be read', remedy: 'Choose a folder on another disk.' },
  EISDIR: { what: 'this is a folder, not a file', remedy: 'Name a file.' },
  ENOTDIR: { what: 'a part of the path is a file, not a folder', remedy: 'Check the path.' },
  EEXIST: { what: 'this exists already', remedy: 'Choose another name, or allow overwriting.' },
  ENOTEMPTY: { what: 'the folder is not empty', remedy: 'Choose another name.' },
  ENOSPC: {
    what: 'the disk is full',
    remedy: 'Free some space or choose another disk; nothing half-written was left.',
  },
  EDQUOT: {
    what: 'the disk quota is used up',
    remedy: 'Free some space or choose another disk; nothing half-written was left.',
  },
  EFBIG: { what: 'the file would be larger than is allowed here', remedy: 'Choose another disk, or raise the limit.' },
  ELOOP: { what: 'the link leads back to itself', remedy: 'Check the path.' },
  ENAMETOOLONG: { what: 'the name is too long', remedy: 'Choose a shorter name.' },
  EIO: { what: 'the disk reports an error', remedy: 'Check the disk and its connection.' },
  EMFILE: { what: 'too many files are open', remedy: 'Close other programs, or raise the limit of open files.' },
};

/** The code of an error of the operating system or of zlib, e.g. `ENOSPC`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Says an error of the file system as a `data` problem with the path; gives back any other error as it is. */
export function fileProblem(error: unknown, path: string): unknown {
  const meaning = meanings[errorCode(error) ?? ''];
  return meaning === undefined ? error : new Problem('data', meaning.what, path, meaning.remedy, { cause: error });
}
