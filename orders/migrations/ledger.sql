-- What the ledger's tables do by themselves; the first migration installs it.
-- The routes repeat orders/ledger/kinds.py and the digests orders/ledger/digests.py as they were when
-- this was written; tests compare them with the code.

CREATE FUNCTION ledger_account_opens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.balance := 0;
    NEW.movements := 0;
    NEW.moved_at := NULL;
    NEW.seal := sha256(convert_to(json_build_array(
        NEW.id::text, NEW.period_id::text, NEW.kind, NEW.owner_kind, NEW.owner_key
    )::text, 'UTF8'));
    RETURN NEW;
END $$;

CREATE TRIGGER account_opens BEFORE INSERT ON orders_account
    FOR EACH ROW EXECUTE FUNCTION ledger_account_opens();

CREATE FUNCTION ledger_is_route(kind text, giver text, taker text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE kind
        WHEN 'grant' THEN giver = 'source' AND taker IN ('budget', 'allotment', 'pool')
        WHEN 'transfer' THEN giver IN ('budget', 'reserve', 'common', 'allotment', 'pool')
            AND taker IN ('budget', 'reserve', 'common', 'allotment', 'pool')
        WHEN 'adjust' THEN (
            giver IN ('budget', 'reserve', 'common', 'allotment', 'pool')
            AND taker IN ('budget', 'reserve', 'common', 'allotment', 'pool')
        ) OR (giver = 'budget' AND taker = 'source')
          OR (giver = 'consumed' AND taker IN ('reserve', 'common', 'allotment', 'pool'))
          OR (giver IN ('reserve', 'common', 'allotment', 'pool') AND taker = 'consumed')
        WHEN 'hold' THEN giver IN ('reserve', 'common', 'allotment', 'pool') AND taker = 'held'
        WHEN 'capture' THEN giver = 'held' AND taker = 'consumed'
        WHEN 'release' THEN giver = 'held' AND taker IN ('reserve', 'common', 'allotment', 'pool')
        WHEN 'expire' THEN giver IN ('budget', 'reserve', 'common', 'allotment', 'pool')
            AND taker = 'source'
        ELSE false
    END
$$;

CREATE FUNCTION ledger_movement_is_right() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    account orders_account;
    giver orders_account;
    taker orders_account;
    hold orders_movement;
    settled numeric;
BEGIN
    -- Both accounts, in order of id: two movements in opposite directions never wait for each other.
    FOR account IN
        SELECT * FROM orders_account WHERE id IN (NEW.from_account_id, NEW.to_account_id)
        ORDER BY id FOR NO KEY UPDATE
    LOOP
        IF account.id = NEW.from_account_id THEN
            giver := account;
        ELSE
            taker := account;
        END IF;
    END LOOP;
    IF giver.period_id IS DISTINCT FROM taker.period_id THEN
        RAISE EXCEPTION 'movement % would leave its period', NEW.key
            USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_stays_in_its_period';
    END IF;
    IF ledger_is_route(NEW.kind, giver.kind, taker.kind) IS NOT TRUE THEN
        RAISE EXCEPTION '% cannot go from % to %', NEW.kind, giver.kind, taker.kind
            USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_follows_a_route';
    END IF;
    IF NEW.amount <> trunc(NEW.amount) AND EXISTS (
        SELECT FROM orders_period WHERE id = giver.period_id AND unit = 'attempt'
    ) THEN
        RAISE EXCEPTION 'attempts are whole, not %', NEW.amount
            USING ERRCODE = 'check_violation', CONSTRAINT = 'attempts_are_whole';
    END IF;
    IF NEW.hold_id IS NOT NULL THEN
        SELECT * INTO hold FROM orders_movement WHERE id = NEW.hold_id;
        SELECT coalesce(sum(amount), 0) INTO settled FROM orders_movement WHERE hold_id = NEW.hold_id;
        IF hold.kind IS DISTINCT FROM 'hold' OR hold.to_account_id <> NEW.from_account_id
            OR (NEW.kind = 'release' AND hold.from_account_id <> NEW.to_account_id)
            OR settled + NEW.amount > hold.amount
        THEN
            RAISE EXCEPTION '% does not settle hold %', NEW.key, NEW.hold_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'movement_settles_its_hold';
        END IF;
    END IF;
    -- The instant is taken under the locks and grows along each account, whatever the clock does.
    NEW.at := greatest(
        clock_timestamp(),
        giver.moved_at + interval '1 microsecond',
        taker.moved_at + interval '1 microsecond'
    );
    NEW.digest := sha256(convert_to(json_build_array(
        NEW.id::text, NEW.from_account_id::text, NEW.to_account_id::text, NEW.kind,
        NEW.amount::text, NEW.hold_id::text, NEW.deed, NEW.key, NEW.reason, NEW.rule_version,
        (extract(epoch FROM NEW.at) * 1000000)::bigint::text,
        NEW.by_user_id::text, NEW.by_link_id::text, NEW.by_part
    )::text, 'UTF8'));
    RETURN NEW;
END $$;

CREATE TRIGGER movement_is_right BEFORE INSERT ON orders_movement
    FOR EACH ROW EXECUTE FUNCTION ledger_movement_is_right();

CREATE FUNCTION ledger_movement_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orders_account SET
        balance = balance + CASE WHEN id = NEW.to_account_id THEN NEW.amount ELSE -NEW.amount END,
        movements = movements + 1,
        moved_at = NEW.at,
        seal = sha256(seal || NEW.digest)
    WHERE id IN (NEW.from_account_id, NEW.to_account_id);
    RETURN NULL;
END $$;

CREATE TRIGGER movement_moves AFTER INSERT ON orders_movement
    FOR EACH ROW EXECUTE FUNCTION ledger_movement_moves();

-- A hot account is rewritten in place: room on its page keeps the updates short.
ALTER TABLE orders_account SET (fillfactor = 50);
