export type Level = 'debug' | 'info' | 'warn' | 'error'

/** One line for people. What is logged was decided below; how it looks and where it goes is decided above. */
export type Log = (level: Level, message: string) => void
