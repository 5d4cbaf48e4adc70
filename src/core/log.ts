export type Level = 'debug' | 'info' | 'warn' | 'error'

/**
 * One line for people. What is logged was decided below; how it looks and where it goes is decided above. `name` is what the
 * line is about: a slice (core/run.ts), a bucket, a part of Sluice; Sluice as a whole where there is none.
 */
export type Log = (level: Level, message: string, name?: string) => void
