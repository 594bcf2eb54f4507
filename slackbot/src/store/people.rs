//! What each person wants.

use super::{Broken, Store};
use sqlx::Row;

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
        let row =
            sqlx::query("SELECT mentions, direct FROM person WHERE installation_id = $1 AND user_id = $2")
                .bind(installation)
                .bind(user)
                .fetch_optional(&self.pool)
                .await?;
        let Some(row) = row else { return Ok(Person::default()) };
        let flag = |name| row.try_get::<i64, _>(name).map(|flag| flag != 0);
        Ok(Person { mentions: flag("mentions")?, direct: flag("direct")? })
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
