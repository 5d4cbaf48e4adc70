/** What goes first where workers or quota are short. `high` overtakes, `low` yields, and none of them starves. */
export type Priority = 'high' | 'normal' | 'low'

/** The priorities, the first one first; a bucket keeps a lane for each. */
export const priorities: readonly Priority[] = ['high', 'normal', 'low']
