import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Node keeps the compiled form of the program, so that the next command begins in half the time. It lies in the user's own
 * cache folder and not in the one for temporary files, where somebody else could lay a form of their own for us to run. Where
 * nothing can be written, or NODE_DISABLE_COMPILE_CACHE is set, the program is compiled anew each time.
 */
export function keepCompiled() {
  const { NODE_COMPILE_CACHE: given, XDG_CACHE_HOME: caches } = process.env
  module.enableCompileCache?.(given || join(caches || join(homedir(), '.cache'), 'sluice'))
}
