/** A value as a message shows it: JSON, cut where it is long. */
export function show(value: unknown, length = 200): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : (written(value) ?? String(value))
  return text.length <= length ? text : `${text.slice(0, length)}…`
}

function written(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner))
  } catch {
    return undefined
  }
}

/** An error as a message shows it: its kind and its words. */
export function showError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.split('\n').join(' ').slice(0, 300)}` : show(error)
}
