//! What each person wants.

use super::{Backend, Broken, Store};
use sqlx::Row;
use sqlx::any::AnyRow;
use std::collections::HashMap;

/// How a person wants to be reminded of what they own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// By a mention in the channel, when something is overdue.
    pub mentions: bool,
    /// By a message of their own.
    pub direct: bool,
}

impl Default for Person {
    fn default() -> Person {
        Person { mentions: true, direct: false }
    }
}

impl Store {
    /// What a person wants; as everybody where they never said.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn person(&self, installation: &str, user: &str) -> Result<Person, Broken> {
        Ok(self.people(installation, &[user]).await?.remove(user).unwrap_or_default())
    }

    /// What those of these people want who said what they want.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn people(
        &self,
        installation: &str,
        users: &[&str],
    ) -> Result<HashMap<String, Person>, Broken> {
        const POSTGRES: &str = "SELECT user_id, mentions, direct FROM person WHERE installation_id = $1 \
                                AND user_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)))";
        const SQLITE: &str = "SELECT user_id, mentions, direct FROM person WHERE installation_id = $1 \
                              AND user_id IN (SELECT value FROM json_each($2))";
        let rows = sqlx::query(if self.backend == Backend::Postgres { POSTGRES } else { SQLITE })
            .bind(installation)
            .bind(serde_json::json!(users).to_string())
            .fetch_all(&self.pool)
            .await?;
        let person = |row: &AnyRow| {
            let flag = |name| row.try_get::<i64, _>(name).map(|flag| flag != 0);
            Ok((row.try_get("user_id")?, Person { mentions: flag("mentions")?, direct: flag("direct")? }))
        };
        rows.iter().map(person).collect()
    }

    /// Notes what a person wants.
    ///
    /// # Errors
    /// When the database is lost, or there is no such installation.
    pub async fn save_person(&self, installation: &str, user: &str, person: Person) -> Result<(), Broken> {
        sqlx::query(
            "INSERT INTO person (installation_id, user_id, mentions, direct) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (installation_id, user_id) DO UPDATE SET mentions = excluded.mentions, direct = excluded.direct",
        )
        .bind(installation)
        .bind(user)
        .bind(i64::from(person.mentions))
        .bind(i64::from(person.direct))
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
