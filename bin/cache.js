import module from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * Node keeps the compiled form of the program, so that the next command begins in half the time. It lies in the user's own
 * cache folder and not in the one for temporary files, where somebody else could lay a form of their own for us to run. Where
 * there is no such folder, nothing can be written, or NODE_DISABLE_COMPILE_CACHE is set, the program is compiled anew each time.
 */
export function keepCompiled() {
  const folder = process.env.NODE_COMPILE_CACHE || ownFolder()
  if (folder) module.enableCompileCache?.(folder)
}

/** A path that is not absolute would lead into whatever folder a command is typed in; then there is none. */
function ownFolder() {
  const caches = process.env.XDG_CACHE_HOME || join(home(), '.cache')
  return isAbsolute(caches) ? join(caches, 'sluice') : undefined
}

/** Of a user without HOME and without an entry of their own, as in a container, nobody knows it, and Node throws. */
function home() {
  try {
    return homedir()
  } catch {
    return ''
  }
}
