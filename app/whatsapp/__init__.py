"""WhatsApp: what an agent sends to a customer from their own WhatsApp, opened with number and text filled in (C12)."""
