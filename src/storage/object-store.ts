/**
 * Files by name, in a folder or in a bucket: what is written once and read whole. An object is never overwritten
 * with other content; writing the same again is no error, so that whoever was cut off can simply do it again.
 */
export interface ObjectStore {
  /** The store as messages show it: `s3://bucket`, or a folder's path. */
  readonly name: string;
  /**
   * The whole object.
   * @param limitBytes the most that is read
   * @throws STORAGE_NOT_FOUND, STORAGE_TOO_LARGE; STORAGE_DENIED, STORAGE_UNREACHABLE and alike
   */
  read(key: string, limitBytes: number): Promise<Uint8Array>;
  /**
   * Writes an object, whole or not at all.
   * @returns whether it was there already, the same
   * @throws STORAGE_EXISTS when one of other content is there; STORAGE_DENIED, STORAGE_UNREACHABLE and alike
   */
  write(key: string, content: Uint8Array): Promise<'created' | 'unchanged'>;
  /** Removes an object; that there is none is no error. @throws STORAGE_DENIED, STORAGE_UNREACHABLE and alike */
  remove(key: string): Promise<void>;
}
