-- How old the newest candle of each symbol and interval is.
select symbol, interval, to_timestamp(last_timestamp / 1000) as newest, now() - last_updated as since_last_page
from binance.collector_state
order by symbol, interval;
