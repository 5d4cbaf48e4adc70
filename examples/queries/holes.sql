-- What the exchange itself lacks (absent), or seems to lack until a second look (suspected).
select part ->> 'symbol' as symbol, part ->> 'interval' as interval, from_at, to_at, status
from sluice.holes
where connector = 'binance' and stream = 'candles'
order by symbol, interval, from_at;
