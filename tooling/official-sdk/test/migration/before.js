import QB from 'quickblox';

const anna = { login: 'anna', password: process.env.ANNAS_PASSWORD };

QB.init(76730, process.env.QUICKBLOX_AUTH_KEY, process.env.QUICKBLOX_AUTH_SECRET, {
  timeout: 10_000,
  on: {
    sessionExpired(giveUp, retry) {
      QB.createSession(anna, (error, session) => (error ? giveUp() : retry(session)));
    },
  },
});

QB.createSession(anna, (error, session) => {
  if (error || !session) throw new Error('no session');
  QB.users.get(session.user_id, (failure, user) => {
    if (failure || !user) throw new Error('no user');
    console.log(`signed in as ${user.full_name}`);
  });
});
