-- Records that could not become rows, with the reason and the record as the exchange sent it.
select part ->> 'symbol' as symbol, part ->> 'interval' as interval, field, value, reason, times, record
from sluice.quarantine
where connector = 'binance' and stream = 'candles'
order by last_seen desc
limit 50;
