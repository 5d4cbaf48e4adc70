/** What is loaded: five symbols with 100,000 one-minute candles each, in pages of 1,000. The range ends long before now. */
export const symbols = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'BNBUSDT']
export const interval = '1m'
export const from = new Date('2025-01-01T00:00:00Z')
export const to = new Date(from.getTime() + 100_000 * 60_000)
export const rowCount = 500_000
