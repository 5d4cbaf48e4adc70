import { statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Whether another user of this machine could run this program: every folder above it must let strangers in. A clone
 * below a private folder (mode 700) does not, and what is tested with a stranger's process cannot be tested there.
 */
export const strangersMayEnter = foldersAbove(process.execPath).every(folder => (statSync(folder).mode & 0o001) !== 0)

function foldersAbove(path: string): string[] {
  const folder = dirname(path)
  return folder === path ? [] : [folder, ...foldersAbove(folder)]
}
